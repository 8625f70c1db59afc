"""A Chinese word for each verb and each noun of the audit chain; a test fails for one that has none."""

from __future__ import annotations

WORDS = {
    # 案件与文书
    "open_case": "建案卷", "close_case": "销号结案", "start_draft": "开始填写", "submit_paper": "送审签",
    "finish_record": "定稿待签名", "withdraw_paper": "撤回", "return_paper": "退回修改", "approve_paper": "签发",
    "void_paper": "作废", "reissue_paper": "作废并重做", "export_register": "导出登记簿",
    "print_register": "打印登记簿", "set_typed_numbers": "设定文号由谁编", "produce_paper": "制成",
    "produce_again": "重新制作", "production_failed": "没有制成",
    "keep_scan": "上传扫描件", "record_service": "登记送达", "withdraw_service": "撤销送达登记",
    "compile_file": "立卷", "produce_file": "装订签名成卷", "binding_failed": "没有成卷",
    "use_keep": "选用另存的填写", "drop_keep": "舍弃另存的填写",
    "void_file": "作废卷宗", "enter_late": "补录", "enter_again": "改正补录", "consent_late": "同意补录",
    "return_late": "退回补录", "register_signed": "登记纸上签发",
    # 学生
    "register_student": "登记学生", "correct_student": "更正学生信息", "reveal_identity": "查看完整证件号码",
    "import_pupils": "导入学生名单", "undo_batch": "撤回批量办理", "roll_over": "学年升级",
    "export_ledger": "导出学生台账",
    # 账号与登录
    "sign_in": "登录", "sign_in_failed": "登录失败", "sign_out": "退出", "add_account": "新增账号",
    "disable_account": "停用账号", "reset_password": "重置口令",
    "change_password": "修改口令", "change_account": "修改账号", "enable_account": "启用账号",
    "end_other_sessions": "退出其他登录", "keep_authenticator": "启用动态口令", "prove_second_factor": "核对动态口令",
    "reset_second_factor": "重置动态口令",
    # 单位、日历、系统
    "set_up": "建库", "add_school": "新增学校", "set_office": "修改单位信息", "start_series": "设定文号起始号",
    "import_offices": "导入单位", "close_school": "停用学校", "reopen_school": "恢复学校", "add_classes": "新增班级",
    "remove_class": "删去班级", "add_villages": "新增村", "remove_village": "删去村",
    "lay_seal": "录入印章图样", "upload_seal": "上传印章图样", "approve_seal": "批准印章启用",
    "refuse_seal": "不批准印章", "retire_seal": "停用印章", "ask_seal": "申请用印", "approve_use": "批准用印",
    "refuse_use": "不批准用印", "apply_seal": "盖章", "seal_failed": "没有盖成", "set_day": "修改工作日历",
    "publish_year": "录入全年放假安排",
    "set_vacation": "录入寒暑假", "back_up": "备份", "sweep_files": "整理文件库", "restore": "恢复备份",
    "retry_job": "重做失败任务", "drop_job": "放弃失败任务", "export_audit": "导出留痕",
}
"""What was done, in the words of the office."""

GROUPS = {"case": "案件", "paper": "文书", "packet": "卷宗", "student": "学生", "account": "账号", "office": "单位",
          "calendar": "工作日历", "job": "后台任务", "audit": "留痕", "register": "登记库", "seal": "印章",
          "seal_use": "用印", "batch": "批量办理"}
"""What it was done to."""
